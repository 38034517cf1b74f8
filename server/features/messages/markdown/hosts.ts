import { domainToASCII, domainToUnicode } from 'node:url';
import { lookAlikes } from '../../../auth/confusables.ts';

/** Scripts that are commonly mixed, and others that stand alone. */
const SCRIPTS = [
  ...['Latn', 'Hani Hira Kana Bopo', 'Hani Hang'],
  ...'Arab Armn Beng Cyrl Deva Ethi Geor Grek Gujr Guru Hebr Khmr Knda Laoo'.split(' '),
  ...'Mlym Mymr Orya Sinh Taml Telu Thaa Thai Tibt'.split(' '),
];
/** A label whose letters are of one script. */
const ONE_SCRIPT = new RegExp(
  `^(?:${SCRIPTS.map((scripts) => {
    const classes = scripts.replace(/\w+/g, String.raw`\p{scx=$&}`).replaceAll(' ', '');
    return String.raw`[${classes}\p{Nd}\p{So}_\-]+`;
  }).join('|')})$`,
  'v',
);
const ASCII = /^[ -~]*$/;
const DOTS = /[.。．｡]/;

/**
 * The host name to display: in its own script, or in ASCII (RFC 3492) if its letters are of several
 * scripts or look like others. Linear in its length, which the caller limits.
 */
export function shownHost(host: string): string {
  if (ASCII.test(host) && !/xn--/i.test(host)) return host;
  return host.split(DOTS).map(shownLabel).join('.');
}

function shownLabel(label: string): string {
  const written = /^xn--/i.test(label) ? domainToUnicode(label) || label : label;
  return ASCII.test(written) || isClear(written) ? written : domainToASCII(label) || label;
}

/** Not a look-alike: next to Latin letters no other looks like ASCII; without them, not all do. */
function isClear(label: string): boolean {
  if (!ONE_SCRIPT.test(label)) return false;
  const others = [...label].filter((character) => character > '\x7f');
  const isLike = (character: string) => ASCII.test(lookAlikes().get(character) ?? character);
  return /\p{scx=Latn}/u.test(label) ? !others.some(isLike) : !others.every(isLike);
}

/** Whether a host is a given site or a subdomain of it. */
export function isOfSite(host: string, site: string): boolean {
  const [whole, part] = [host, site].map((name) => plainHost(name));
  return whole === part || Boolean(whole?.endsWith(`.${part}`));
}

function plainHost(host: string): string {
  const name = (!ASCII.test(host) && domainToASCII(host)) || host.toLowerCase();
  return name.replace(/^www\./, '');
}
