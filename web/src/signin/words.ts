import { catalogue } from '../words/words';

export const { t } = catalogue({
  'signin.title': 'Sign in',
  'signin.name': 'Name',
  'signin.password': 'Password',
  'signin.submit': 'Sign in',
  'signin.busy': 'Signing in…',
  'signin.wrong': 'Name or password is wrong. Check both and try again.',
  'signin.leave': 'Leave, and forget what was typed',
  'signin.lapsed': 'Your session has ended. Sign in to go on where you were; nothing is lost.',
}, {
  'signin.title': '登录',
  'signin.name': '用户名',
  'signin.password': '密码',
  'signin.submit': '登录',
  'signin.busy': '正在登录…',
  'signin.wrong': '用户名或密码不正确，请核对后重试。',
  'signin.leave': '离开，并清除已填写的内容',
  'signin.lapsed': '登录已失效。重新登录后可接着刚才的操作，内容不会丢失。',
});
