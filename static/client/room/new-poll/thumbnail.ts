/** Its sides, in pixels of the style sheet. */
const SIZE = 36;

/** Shows the image that was chosen in a file field, in place of the icon of its label. */
export function showThumbnail(field: HTMLInputElement): void {
  const label = field.closest('label');
  label?.querySelector('canvas')?.remove();
  const [file] = field.files ?? [];
  label?.classList.toggle('has-image', file !== undefined);
  if (file && label) void draw(file, label);
}

/** The page's policy allows no images but the server's own: this one is drawn. */
async function draw(file: File, label: HTMLElement): Promise<void> {
  const image = await createImageBitmap(file).catch(() => undefined);
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIZE * devicePixelRatio;
  const side = Math.min(image?.width ?? 0, image?.height ?? 0);
  if (!image || side === 0) return;
  const [left, top] = [(image.width - side) / 2, (image.height - side) / 2];
  canvas
    .getContext('2d')
    ?.drawImage(image, left, top, side, side, 0, 0, canvas.width, canvas.height);
  image.close();
  label.querySelector('canvas')?.remove();
  label.append(canvas);
}
