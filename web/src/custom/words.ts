import { catalogue } from '../words/words';

export const { t } = catalogue({
  'custom.title': 'More about it',
  'custom.change': 'Change',
  'custom.save': 'Save',
  'custom.saved': 'The fields are saved.',
  'custom.yes': 'Yes',
  'custom.no': 'No',
}, {
  'custom.title': '更多信息',
  'custom.change': '修改',
  'custom.save': '保存',
  'custom.saved': '字段已保存。',
  'custom.yes': '是',
  'custom.no': '否',
});
