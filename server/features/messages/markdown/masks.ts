import { fold } from '../../../shared/fold.ts';
import { addresses } from './addresses.ts';
import { isOfSite } from './hosts.ts';

/** Characters that look like those of a URL. */
const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/[∕⁄⧸]/g, '/'],
  [/[∶꞉]/g, ':'],
  [/[。․]/g, '.'],
];
/** Hosts that a text names, by what is before or after them. */
const HOSTS = [
  /(?:https?|ftp):\/\/(?:[^\s/?#@]*@)?([^\s/?#:@]+)/g,
  /(?<![\w.-])(www\.[\w.-]+)/g,
  /^((?:[\w-]+\.)+[\w-]+)\//g,
];

/**
 * Whether the text of a link looks like the address of another site than it leads to, or another
 * email address. Linear in its length.
 */
export function isMasked(text: string, href: string, tlds: ReadonlySet<string>): boolean {
  const { hosts, mail } = named(text, tlds);
  if (hosts.length === 0 && mail.length === 0) return false;
  const to = /^mailto:(.*)$/is.exec(href)?.[1];
  if (to !== undefined) return hosts.length > 0 || mail.some((one) => one !== fold(to));
  const site = URL.parse(href)?.hostname ?? '';
  return mail.length > 0 || hosts.some((host) => !isOfSite(site, host));
}

/** The hosts and email addresses that a reader sees in a text. */
function named(text: string, tlds: ReadonlySet<string>) {
  const seen = SIGNS.reduce((all, [sign, by]) => all.replace(sign, by), fold(text));
  const found = addresses(seen, tlds).map(({ start, end, scheme }) => ({
    scheme,
    name: seen.slice(start, end).replace(/^mailto:/, ''),
  }));
  const mail = found.filter(({ scheme }) => scheme !== 'http://').map(({ name }) => name);
  const bare = found.filter(({ scheme }) => scheme === 'http://');
  const hosts = [
    ...bare.map(({ name }) => name.replace(/[/?#].*$/s, '')),
    ...HOSTS.flatMap((host) => Array.from(seen.matchAll(host), ([, name = '']) => name)),
  ];
  return { hosts, mail };
}
