export function configSchemaText() { return ''; }
