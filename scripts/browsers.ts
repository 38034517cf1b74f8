import { existsSync } from 'node:fs';

/** Chromium without windows: the same engine, for less than half of the processor's time. */
export const SHELL = '/usr/bin/chromium-headless-shell';

/** The whole of Chromium, which serves as well where that one is not to be had. */
export const CHROMIUM = '/usr/bin/chromium';

/** Of the browsers on this machine, the one to use. */
export function browserPath(): string {
  return existsSync(SHELL) ? SHELL : CHROMIUM;
}

/** Debian's Firefox with extended support. */
export const FIREFOX = '/usr/bin/firefox-esr';

/** The driver of WebKitGTK, and the display without a screen that it needs. */
export const WEBKIT_DRIVER = '/usr/bin/WebKitWebDriver';
export const DISPLAY_SERVER = '/usr/bin/Xvfb';
