// Does what the Dockerfile says, without a container engine: each stage is a folder that stands for `/`.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from '../support/examples.js';

export interface Image {
  /** The folder that stands for `/`. */
  root: string;
  workingFolder: string;
  user: number;
  env: Record<string, string>;
  entrypoint: string[];
  healthCheck: string[];
  remove(): void;
}

type Stage = Omit<Image, 'remove'>;

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

export function buildImage(): Image {
  const folder = mkdtempSync(path.join(tmpdir(), 'b2c-signin-image-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const context = path.join(folder, 'context');
    for (const name of allowedNames()) {
      cpSync(path.join(ROOT, name), path.join(context, name), { recursive: true });
    }
    const stages = new Map<string, Stage>([['', emptyStage(context)]]);
    let stage: Stage | undefined;
    for (const [instruction, words] of instructions()) {
      if (instruction === 'FROM') {
        const name = / AS (\w+)$/.exec(words)?.[1] ?? 'image';
        stage = emptyStage(path.join(folder, name));
        stages.set(name, stage);
      } else if (stage) follow(instruction, words, { stage, stages });
    }
    if (!stage) throw new Error('the Dockerfile has no stage');
    return { ...stage, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** The names in `.dockerignore`, which excludes everything else. */
function allowedNames(): string[] {
  const [first, ...rest] = read('.dockerignore')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));
  if (first !== '*' || rest.some((line) => !/^![\w.-]+$/.test(line))) {
    throw new Error('.dockerignore is to be a "*" and names to let in');
  }
  return rest.map((line) => line.slice(1));
}

function instructions(): [string, string][] {
  const text = read('Dockerfile').replace(/^#.*\n/gm, '');
  return [...text.replace(/\\\n/g, ' ').matchAll(/^([A-Z]+) +(.*)$/gm)].map(
    ([, instruction = '', words = '']) => [instruction, words.replace(/ +/g, ' ').trim()],
  );
}

const emptyStage = (root: string): Stage => {
  mkdirSync(root, { recursive: true });
  return { root, workingFolder: '/', user: 0, env: {}, entrypoint: [], healthCheck: [] };
};

function follow(
  instruction: string,
  words: string,
  { stage, stages }: { stage: Stage; stages: Map<string, Stage> },
): void {
  const inStage = (file: string) => path.join(stage.root, path.resolve(stage.workingFolder, file));
  switch (instruction) {
    case 'WORKDIR':
      stage.workingFolder = words;
      mkdirSync(inStage('.'), { recursive: true });
      break;
    case 'COPY':
      copy(words, { stages, inStage });
      break;
    case 'RUN':
      runStep(words, inStage('.'));
      break;
    case 'ENV':
      Object.assign(stage.env, Object.fromEntries(words.split(' ').map((pair) => pair.split('='))));
      break;
    case 'USER':
      stage.user = Number(words.split(':')[0]);
      break;
    case 'ENTRYPOINT':
      stage.entrypoint = JSON.parse(words);
      break;
    case 'HEALTHCHECK':
      stage.healthCheck = JSON.parse(words.slice(words.indexOf('[')));
      break;
    case 'LABEL':
    case 'EXPOSE':
      break;
    default:
      throw new Error(`this does not know ${instruction} of the Dockerfile`);
  }
}

function copy(
  words: string,
  { stages, inStage }: { stages: Map<string, Stage>; inStage: (file: string) => string },
): void {
  const [, from = '', rest = ''] = /^(?:--from=(\w+) )?(.*)$/.exec(words) ?? [];
  const sources = rest.split(' ');
  const target = sources.pop() ?? '';
  const origin = stages.get(from);
  if (!origin) throw new Error(`there is no stage ${from}`);
  for (const source of sources) {
    const place = target.endsWith('/') ? path.join(target, path.basename(source)) : target;
    cpSync(path.join(origin.root, source), inStage(place), { recursive: true, dereference: true });
  }
}

function runStep(command: string, cwd: string): void {
  // All packages are here already: only an installation without development packages is run again.
  if (command.startsWith('npm ci') && !command.includes('--omit=dev')) {
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(cwd, 'node_modules'));
    return;
  }
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, npm_config_prefer_offline: 'true' };
  execFileSync('sh', ['-c', command], { cwd, env, timeout: 120_000, stdio: 'pipe' });
}
