/** Whether a version of Node is below `engines` of our package.json, such as ">=20.19". */
export function isOldNode(version: string, engines: string): boolean {
  const [major = 0, minor = 0] = numbersOf(version);
  const [leastMajor = 0, leastMinor = 0] = numbersOf(engines);
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}

const numbersOf = (text: string) => (text.match(/\d+/g) ?? []).map(Number);
