// Lets MDN's HTTP Observatory rate pages: "observatory.js HOST PORT PAGES" prints the results. PAGES is a JSON
// array of { path, cookie }. For each, it starts at the path and follows redirects, with the cookies that it
// receives on the way.
import { existsSync, writeFileSync } from 'node:fs';
import process from 'node:process';

// Its installation script fetches the list of preloaded hosts from the network; none of them is here.
const library = new URL('../node_modules/@mdn/mdn-http-observatory/', import.meta.url);
const preloaded = new URL('conf/hsts-preload.json', library);
if (!existsSync(preloaded)) writeFileSync(preloaded, '{}');

const load = (file) => import(new URL(`src/${file}`, library).href);
const { ALGORITHM_VERSION, ALL_TESTS } = await load('constants.js');
const { getScoreModifier } = await load('grader/grader.js');
const { retrieve } = await load('retriever/retriever.js');

const [hostname, httpsPort, pages] = process.argv.slice(2);

async function rate({ path, cookie }) {
  const requests = await retrieve(hostname, {
    ...{ httpsPort, path },
    httpPort: 1, // no server listens there
    ...(cookie ? { headers: [`Cookie: ${cookie}`] } : {}),
  });
  const { status, headers, verified, data } = requests.responses.auto;
  const modifiers = ALL_TESTS.map((test) => test(requests)).map((output) => [
    output.constructor.name,
    getScoreModifier(output.result),
  ]);
  return {
    ...{ algorithm: ALGORITHM_VERSION, modifiers: Object.fromEntries(modifiers) },
    page: { status, headers, body: data, verified },
  };
}

const ratings = [];
for (const page of JSON.parse(pages)) ratings.push(await rate(page));
process.stdout.write(JSON.stringify(ratings));
