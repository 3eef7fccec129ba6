// A reporter for Node's test runner: a line of JSON for each test that failed, with its file and, unless the file failed as
// a whole, its name. `cargo xtask test` runs these once more.

export default async function* failedTests(events) {
  for await (const { type, data } of events) {
    if (type !== 'test:fail' || data.nesting > 0) continue;
    const whole = data.file === undefined || data.name === data.file || data.file.endsWith(data.name);
    const file = data.file ?? data.name;
    yield `${JSON.stringify(whole ? { file } : { file, name: data.name })}\n`;
  }
}
