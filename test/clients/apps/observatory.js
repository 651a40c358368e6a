// Lets MDN's HTTP Observatory look at a page: "observatory.js HOST PORT PATH [COOKIE]" prints its
// result. It starts at PATH and follows redirects, with the cookies that it is given on the way.
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

const [hostname, httpsPort, path, cookie] = process.argv.slice(2);
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
process.stdout.write(
  JSON.stringify({
    ...{ algorithm: ALGORITHM_VERSION, modifiers: Object.fromEntries(modifiers) },
    page: { status, headers, body: data, verified },
  }),
);
