import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { ALLOWED, entry, notices, productionPackages } from '../scripts/notices.ts';

const HINT = 'run npm run notices';
const root = new URL('../', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, root), 'utf8');
const packages = productionPackages();

suite('The licences', () => {
  test('Typhoon is under the MIT License and includes it.', () => {
    assert.match(read('LICENSE'), /^MIT License\n\nCopyright \(c\) \d{4} The Typhoon authors\n/);
    const { license, files } = JSON.parse(read('package.json'));
    assert.equal(license, 'MIT');
    assert.ok(files.includes('THIRD-PARTY-NOTICES.txt'));
  });

  test('Every package that Typhoon needs at run time has a licence that allows its use.', () => {
    assert.ok(packages.length > 100);
    for (const item of packages) assert.ok(ALLOWED.has(item.license), entry(item));
  });

  test('Every such package is in the third-party notices.', () => {
    const lines = new Set(read('THIRD-PARTY-NOTICES.txt').split('\n'));
    for (const item of packages) assert.ok(lines.has(entry(item)), `${entry(item)}: ${HINT}`);
    const { dependencies, optionalDependencies } = JSON.parse(read('package.json'));
    const named = new Set(packages.map(({ name }) => name));
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      assert.ok(named.has(name), name);
    }
  });

  test('Code inside packages, and data of others, is in the notices, too.', () => {
    const text = read('THIRD-PARTY-NOTICES.txt');
    for (const part of [
      ...['UNICODE LICENSE V3', 'emojibase-data', 'GNU LESSER GENERAL PUBLIC LICENSE'],
      ...['| libvips ', '| glib ', '| libheif ', '- V8, located at deps/v8', 'openssl'],
    ]) {
      assert.ok(text.includes(part), part);
    }
  });

  test('The notices are what the script generates from the installed packages.', (t) => {
    const isWhole = packages.some(({ name, folder }) => {
      return /^node-(bin-)?(darwin|linux|win)-/.test(name) && existsSync(new URL(folder, root));
    });
    if (!isWhole) return t.skip('optional packages are not installed');
    assert.ok(notices() === read('THIRD-PARTY-NOTICES.txt'), HINT);
  });
});
