import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { ROOT } from '../support/examples.js';
import { emptyFolder } from '../support/folder.js';
import { OLD_NODE_REFUSED, writeOldNode } from '../support/old-node.js';

/** A copy of the scripts with these sources and a previous build. */
function copyWith(t: TestContext, sources: string) {
  const folder = emptyFolder(t);
  for (const name of ['scripts', 'package.json', 'tsconfig.json']) {
    cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true });
  }
  for (const name of ['src', 'dist']) mkdirSync(path.join(folder, name));
  writeFileSync(path.join(folder, 'src/index.ts'), sources);
  writeFileSync(path.join(folder, 'dist/server.js'), 'built before');
  return {
    folder,
    build(args: string[] = []) {
      const options = { cwd: folder, encoding: 'utf8' } as const;
      return spawnSync(process.execPath, [...args, 'scripts/build.js'], options);
    },
    built: () => readFileSync(path.join(folder, 'dist/server.js'), 'utf8'),
  };
}

describe('npm run build', () => {
  test('keeps the previous build when it fails, and leaves no files behind', (t) => {
    const { folder, build, built } = copyWith(t, 'export const port: number = "3000";');
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
    const before = readdirSync(folder).sort();
    const { status, stdout } = build();
    assert.notEqual(status, 0);
    assert.match(stdout, /src\/index\.ts.*TS2322/);
    assert.equal(built(), 'built before');
    assert.deepEqual(readdirSync(folder).sort(), before);
  });

  test('without its packages prints in one line what to do', (t) => {
    const { build, built } = copyWith(t, '');
    const { status, stderr } = build();
    assert.equal(status, 1);
    assert.equal(stderr, 'typescript is not installed: run "npm ci" first\n');
    assert.equal(built(), 'built before');
  });

  test('on an old Node.js prints the required version', (t) => {
    const { folder, build } = copyWith(t, '');
    const { status, stderr } = build(['--require', writeOldNode(folder)]);
    assert.equal(status, 1);
    assert.equal(stderr, OLD_NODE_REFUSED);
  });
});

describe('a folder replaces another one', async () => {
  const script = new URL('../../scripts/replace-folder.js', import.meta.url).href;
  const { replaceFolder } = await import(script);
  const refuse = () => {
    throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
  };
  for (const [how, rename] of [
    ['by a new name', undefined],
    ['file by file, where an open folder cannot be renamed', refuse],
  ] as const) {
    test(how, (t) => {
      const folder = emptyFolder(t);
      const [made, place] = [path.join(folder, 'dist.1'), path.join(folder, 'dist')];
      for (const [whole, text] of [
        [made, 'new'],
        [place, 'old'],
      ] as const) {
        mkdirSync(path.join(whole, 'deep'), { recursive: true });
        writeFileSync(path.join(whole, 'deep/both.js'), text);
        writeFileSync(path.join(whole, `${text}.js`), text);
      }
      mkdirSync(path.join(place, 'gone/deep'), { recursive: true });
      replaceFolder(made, place, rename);
      assert.deepEqual(readdirSync(folder), ['dist']);
      assert.deepEqual(readdirSync(place).sort(), ['deep', 'new.js']);
      assert.equal(readFileSync(path.join(place, 'deep/both.js'), 'utf8'), 'new');
    });
  }
});
