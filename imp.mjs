import 'node:fs';
await import('./node_modules/zod/v4/core/versions.js');
const t=performance.now(); const c=process.cpuUsage();
const m = await import(process.argv[2]); const u=process.cpuUsage(c);
console.log(process.argv[2], (performance.now()-t).toFixed(1),'ms wall', ((u.user+u.system)/1000).toFixed(0),'ms cpu');
if (process.argv[3]) { let t=performance.now(); const s=m.configSchemaText(); console.log('schema text', performance.now()-t); }
