// A file on its way to the books: the server reads it row by row and says at its end what became of it.

import { call } from '../../api/client';
import { importSend, type Mapping } from '../../api/imports';
import { import_mapping_set } from '../../api/types';
import type { Work } from '../../run/runs';
import type { Imported } from '../../run/view';

export interface ImportAsked {
  what: string;
  header: string;
  mapping: Mapping;
  file: File;
}

export async function work({ data }: Work): Promise<Imported> {
  const { what, header, mapping, file } = data as ImportAsked;
  const outcome = await importSend(what, mapping, file, false);
  void call(import_mapping_set, { what, header, document: JSON.stringify(mapping) }).catch(() => undefined);
  return { ...outcome, name: file.name };
}
