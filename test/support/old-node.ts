import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** A module that makes the Node which requires it look like one that is too old for this program. */
export function writeOldNode(folder: string): string {
  const file = path.join(folder, 'old-node.cjs');
  const versions = '{ value: { ...process.versions, node: "18.20.4" } }';
  writeFileSync(file, `Object.defineProperty(process, 'versions', ${versions});`);
  return file;
}

export const OLD_NODE_REFUSED = 'b2c-signin needs Node 20.19 or newer; this is 18.20.4\n';
