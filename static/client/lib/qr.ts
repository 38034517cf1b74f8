import { renderSVG } from 'uqr';

/** The white margin of a code, in modules: scanners need it (ISO/IEC 18004, section 5.3.8). */
const QUIET_ZONE = 4;

/** A URL as a QR code, in SVG. */
export function qrCode(link: string): string {
  return renderSVG(link, { border: QUIET_ZONE });
}
