import { nameSkeleton } from './name-skeleton.ts';
import { FILLERS, GUESTS, MODERATORS, PRONOUNS, ROLES } from './reserved-words.ts';

/** What is written for a letter, besides digits that look like it, such as 0 and 1. */
const SPELLINGS: Readonly<Record<string, string>> = {
  ...{ 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b', 9: 'g', '@': 'a', $: 's', '!': 'i', '€': 'e' },
};
const SPELLED = /[345789@$!€]/g;
const AT_START = /^[\p{N}\p{P}\p{Z}]+/u;
const AT_END = /[\p{N}\p{P}\p{Z}]+$/u;

const moderators = skeletonsOf(MODERATORS);
const pronouns = skeletonsOf(PRONOUNS);
const guests = skeletonsOf(GUESTS);
const [role, filler] = [anyOf(skeletonsOf(ROLES)), anyOf(skeletonsOf(FILLERS))];
const ROLE = new RegExp(`^${filler}*${role}(?:${role}|${filler})*$`);
const LABEL = new RegExp(`^${anyOf(guests)}${anyOf(skeletonsOf([...'0123456789abcdef']))}*$`);
/** In a script without spaces a word is found wherever it stands. */
const MODERATOR_INSIDE = new RegExp(anyOf(moderators.filter(isHan)));
const GUEST_FIRST = new RegExp(`^${anyOf(guests.filter(isHan))}`);

/**
 * Whether a name would pass for the server, for a moderator, for a guest or for the reader: as it
 * is written, with digits and symbols around it, or with some of them instead of letters.
 */
export function isReserved(name: string): boolean {
  const text = name.normalize('NFKD').replace(/\p{M}/gu, '');
  const skeleton = nameSkeleton(text);
  const whole = readings(text);
  return pronouns.includes(skeleton) || isGuest(text, skeleton, whole) || isRole(text, whole);
}

function isGuest(text: string, skeleton: string, whole: readonly string[]): boolean {
  const [first = ''] = text.split(/\P{L}/u);
  return (
    [nameSkeleton(first), ...whole].some((word) => guests.includes(word)) ||
    LABEL.test(skeleton) ||
    GUEST_FIRST.test(skeleton)
  );
}

function isRole(text: string, whole: readonly string[]): boolean {
  const words = [/\P{L}+/u, /[^\p{L}\p{N}\p{S}@!]+/u].flatMap((between) => text.split(between));
  return (
    whole.some((reading) => ROLE.test(reading) || MODERATOR_INSIDE.test(reading)) ||
    words.flatMap(readings).some((word) => moderators.includes(word))
  );
}

/** The ways to read a text in letters only, as skeletons. */
function readings(text: string): readonly string[] {
  const trimmed = [text, text.replace(AT_START, ''), text.replace(AT_END, '')];
  const spelled = [...trimmed, text.replace(AT_START, '').replace(AT_END, '')].map((each) =>
    each.replace(SPELLED, (sign) => SPELLINGS[sign] ?? sign),
  );
  // Without digits and symbols these are all one.
  return [...new Set([text.replace(/\p{N}+/gu, ''), ...spelled])].map((each) =>
    nameSkeleton(each).replace(/\P{L}+/gu, ''),
  );
}

function skeletonsOf(words: readonly string[]): readonly string[] {
  return words.map(nameSkeleton);
}

function anyOf(skeletons: readonly string[]): string {
  return `(?:${skeletons.join('|')})`;
}

function isHan(word: string): boolean {
  return /\p{Script=Han}/u.test(word);
}
