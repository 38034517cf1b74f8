import { renderSVG } from 'uqr';

/** What stays white around a code, in its modules: scanners find it by that (ISO/IEC 18004, section 5.3.8). */
const QUIET_ZONE = 4;

/** An address as a code to be scanned, in SVG. */
export function qrCode(link: string): string {
  return renderSVG(link, { border: QUIET_ZONE });
}
