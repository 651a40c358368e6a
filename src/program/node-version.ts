/** Whether a version of Node.js is below `engines` of package.json, such as ">=20.19". */
export function isOldNode(version: string, engines: string): boolean {
  const [major = 0, minor = 0] = parseNumbers(version);
  const [minimumMajor = 0, minimumMinor = 0] = parseNumbers(engines);
  return major < minimumMajor || (major === minimumMajor && minor < minimumMinor);
}

const parseNumbers = (text: string) => (text.match(/\d+/g) ?? []).map(Number);
