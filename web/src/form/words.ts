import { catalogue } from '../words/words';

export const { t } = catalogue({
  'form.choose': 'Choose…',
  'form.another': 'Add one more',
  'form.rows.add': 'Add a line',
  'form.rows.line': 'Line {number}',
  'form.rows.remove': 'Take line {number} out',
  'form.refs.remove': 'Take {name} out',
}, {
  'form.choose': '请选择…',
  'form.another': '再添加一个',
  'form.rows.add': '添加一行',
  'form.rows.line': '第 {number} 行',
  'form.rows.remove': '去掉第 {number} 行',
  'form.refs.remove': '去掉{name}',
});
