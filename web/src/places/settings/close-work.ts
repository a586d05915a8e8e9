// A day being closed by the server. Asked again with the same key after a reload, it answers what came of it the first time.

import { call } from '../../api/client';
import { day_close, type DayCloseOutput } from '../../api/types';
import { patiently, type Work } from '../../run/runs';

export interface CloseAsked {
  on: string;
  key: string;
}

export function work({ data, abort }: Work): Promise<DayCloseOutput> {
  const { on, key } = data as CloseAsked;
  return patiently(() => call(day_close, { on }, { key }), abort);
}
