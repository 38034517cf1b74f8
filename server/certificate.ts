import { readFileSync, statSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions, type Server } from 'node:tls';
import { StartupError } from './core/errors.ts';
import type { OperatorLog } from './operator-log.ts';

/** The files of a certificate, with those that lead to its root, and of its private key (PEM). */
interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** @throws where the files cannot be read, or do not belong together */
export function readCertificate({ cert, key }: CertificateFiles) {
  const pair = { cert: readFileSync(cert), key: readFileSync(key) };
  createSecureContext(pair);
  return pair;
}

/** The certificate of the server, which is read again when its files change. */
export class Certificate {
  readonly #files: CertificateFiles;
  readonly #operatorLog: OperatorLog;
  /** The current one, with what tells a new one apart. */
  readonly current: SecureContextOptions;
  #version: string;
  #server: Server | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @throws StartupError where the files are missing or do not belong together */
  constructor(files: CertificateFiles, operatorLog: OperatorLog) {
    this.#files = files;
    this.#operatorLog = operatorLog;
    try {
      this.#version = this.#stamp();
      this.current = readCertificate(files);
    } catch (error) {
      const { message } = error as Error;
      throw new StartupError(
        `Cannot use the certificate ${files.cert} with the key ${files.key}: ${message}.`,
        { cause: error },
      );
    }
  }

  /** Gives the server each new certificate from now on. Open connections keep theirs. */
  watch(server: Server, checkMs: number): void {
    this.#server = server;
    this.#timer = setInterval(() => this.#check(), checkMs).unref();
  }

  /** Reads the files now. Where they are not right, the certificate stays as it is. */
  reload(): void {
    try {
      const version = this.#stamp();
      this.#server?.setSecureContext(readCertificate(this.#files));
      this.#version = version;
      this.#operatorLog.report('certificate-reloaded');
    } catch (error) {
      // The two files are replaced one after the other: the next check tries again.
      this.#operatorLog.report('certificate-not-reloaded', { reason: (error as Error).message });
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #check(): void {
    try {
      if (this.#stamp() === this.#version) return;
    } catch {
      // It is being replaced, or gone: reading it says so.
    }
    this.reload();
  }

  /** Changes with the files, also where they are links that lead to others. */
  #stamp(): string {
    return [this.#files.cert, this.#files.key]
      .map((file) => statSync(file, { bigint: true }))
      .map(({ ino, size, mtimeNs }) => `${ino} ${size} ${mtimeNs}`)
      .join(', ');
  }
}
