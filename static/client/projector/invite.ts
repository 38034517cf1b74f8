import { qrCode } from '../lib/qr.ts';

/** Shows the way into the room: as a code to be scanned, and as a text to be typed. */
export function invite(link: string): void {
  for (const qr of document.querySelectorAll('.qr')) qr.innerHTML = qrCode(link);
  const parts = decodeURI(link).split(/(?<=[^/]\/)/);
  for (const address of document.querySelectorAll('.address')) {
    address.replaceChildren(...parts.flatMap((part) => [part, document.createElement('wbr')]));
  }
}
