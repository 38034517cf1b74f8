import { qrCode } from '../lib/qr.ts';

/** Shows how to join the room: as a code to scan, and as a URL to type. */
export function invite(link: string): void {
  for (const qr of document.querySelectorAll('.qr')) qr.innerHTML = qrCode(link);
  const parts = decodeURI(link).split(/(?<=[^/]\/)/);
  for (const address of document.querySelectorAll('.address')) {
    address.replaceChildren(...parts.flatMap((part) => [part, document.createElement('wbr')]));
  }
}
