// What an import made, as people call it.

import { isList } from '../../list/fields';
import { recordName } from '../../list/names';

export function madeName({ kind, name, id }: { kind: string | null; name: string | null; id: string | null }): string {
  return `${isList(kind) ? recordName(kind) : kind ?? ''} ${name ?? id ?? ''}`;
}
