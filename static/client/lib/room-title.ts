/** Shows the title of the room wherever the page has it, and in the title of the page. */
export function showTitle(title: string): void {
  for (const place of document.querySelectorAll('.room-title')) {
    if (place.textContent === title) continue;
    document.title = document.title.replace(place.textContent, () => title);
    place.textContent = title;
  }
}
