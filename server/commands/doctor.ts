import { readConfig } from '../config/read-config.ts';
import { StartupError } from '../core/errors.ts';
import { checkDisk, checkFolder } from '../doctor/check-data.ts';
import {
  checkCertificate,
  checkDescriptors,
  checkPort,
  checkWorkers,
} from '../doctor/check-machine.ts';
import { checkPublicUrl } from '../doctor/check-public-url.ts';
import type { Finding } from '../doctor/finding.ts';
import { PROGRAM } from '../program.ts';

const HELP = `  ${PROGRAM} doctor [options of serve]

Checks the data directory, the disk, the limits, the port, the certificate and, with --public-url, whether
the proxy in front lets everything through; says what to do. The server may be running. Ends with 1
where there is a problem.

  --help                   show this help; see also ${PROGRAM} serve --help`;

export async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const config = readConfig(args, env);
  if (config === 'help') {
    console.log(HELP);
    return;
  }
  const { publicUrl } = config;
  const findings: readonly Finding[] = [
    ...checkFolder(config),
    ...(await checkDisk(config)),
    ...checkWorkers(config),
    ...checkDescriptors(),
    ...(await checkPort(config)),
    ...checkCertificate(config),
    ...(publicUrl === undefined ? [] : await checkPublicUrl(publicUrl)),
  ];
  for (const { level, about, text } of findings)
    console.log(`${level.padEnd(7)}  ${about}: ${text}`);
  const problems = findings.filter(({ level }) => level === 'problem').length;
  if (problems > 0) throw new StartupError(`Problems found: ${problems}.`);
}
