import { existsSync } from 'node:fs';

/** Headless Chromium: the same engine, for less than half of the CPU time. */
export const SHELL = '/usr/bin/chromium-headless-shell';

/** The full Chromium, used if that one is not available. */
export const CHROMIUM = '/usr/bin/chromium';

/** The browser to use, of those on this machine. */
export function browserPath(): string {
  return existsSync(SHELL) ? SHELL : CHROMIUM;
}

/** Debian's Firefox ESR. */
export const FIREFOX = '/usr/bin/firefox-esr';

/** WebKitGTK's driver, and the virtual display that it needs. */
export const WEBKIT_DRIVER = '/usr/bin/WebKitWebDriver';
export const DISPLAY_SERVER = '/usr/bin/Xvfb';
