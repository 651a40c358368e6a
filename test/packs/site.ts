/** The emulator with the policies of a pack, in a separate process, and two applications. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/free-port.js';

const SERVER = fileURLToPath(new URL('../../dist/server.js', import.meta.url));

export const SECRET = 'the-secret-of-the-applications';
export const APPLICATIONS = {
  first: 'f0b6e55f-0000-4000-8000-00000000b001',
  second: 'f0b6e55f-0000-4000-8000-00000000b002',
} as const;

export interface Site {
  /** URL of the emulator. */
  url: string;
  /** Redirect URI of both applications. */
  redirectUri: string;
  stop(): Promise<void>;
}

export async function startSite(folder: string): Promise<Site> {
  const config = path.join(folder, 'emulator.json');
  const applications = Object.values(APPLICATIONS).map((id) => ({ id, secrets: [SECRET] }));
  writeFileSync(config, JSON.stringify({ applications }));
  const port = await freePort();
  const options = ['--config', config, '--policies', folder, '--port', String(port)];
  const child = spawn(process.execPath, [SERVER, 'emulator', ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await listening(child);
  const application = createServer((_, response) => void response.end('the application'));
  application.listen(0, '127.0.0.1');
  await once(application, 'listening');
  return {
    url: `http://127.0.0.1:${port}`,
    redirectUri: `http://127.0.0.1:${(application.address() as AddressInfo).port}/callback`,
    async stop() {
      application.closeAllConnections();
      application.close();
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

function listening(child: ChildProcess): Promise<void> {
  let output = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk;
      if (output.includes('Authority')) resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => reject(new Error(`the emulator ended with ${code}: ${output}`)));
  });
}
