import { languages, t } from '../shared/i18n.ts';

/** Words for moderators: no name may have one in it. */
export const MODERATORS: readonly string[] = [
  ...['admin', 'admins', 'administrator', 'administrators', 'sysadmin', 'webmaster'],
  ...['mod', 'mods', 'moderator', 'moderators'],
  ...['管理员', '管理員', '版主', '房主', '群主', '客服'],
];

/** What else speaks for the server or a room: no name may consist of such words alone. */
export const ROLES: readonly string[] = [
  ...MODERATORS,
  ...['typhoon', 'server', 'system', 'bot', 'robot', 'root', 'staff', 'owner', 'host', 'operator'],
  ...['support', 'helpdesk', 'official'],
  ...['系统', '系統', '服务器', '伺服器', '机器人', '機器人', '官方', '管理', '站长', '站長'],
  ...['主持人', '运营', '技术支持', '技術支援'],
];

/** What does not make a different name of a role: "the chat host" is the host. */
export const FILLERS: readonly string[] = [
  ...['the', 'chat', 'room', 'team', 'real', 'account', 'message', 'messages', 'notice'],
  ...['的', '号', '本', '总', '超级', '聊天室', '房间', '团队', '人员', '消息', '通知', '公告'],
  ...['助手', '小助手'],
];

/** Everybody, nobody, and the reader on their own screen. */
export const PRONOUNS: readonly string[] = [
  ...['all', 'everyone', 'everybody', 'here', 'channel', 'nobody', 'anonymous', 'me', 'myself'],
  ...['所有人', '全体', '全體', '全体成员', '全體成員', '大家', '匿名', '匿名用户', '你', '自己'],
  ...languages.map((language) => t(language, 'you')),
];

/** What a guest is called, before some hexadecimal digits. */
export const GUESTS: readonly string[] = [
  ...['visitor', 'guest', '访客', '訪客', '游客', '遊客'],
  ...languages.map((language) => t(language, 'guest')),
];
