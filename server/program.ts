/** How the program is called: `typhoon` where it is installed, npm's script in a checkout. */
export const PROGRAM = import.meta.filename.endsWith('.ts') ? 'npm run chat --' : 'typhoon';
