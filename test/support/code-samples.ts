/** Typical pasted code, in every language that is detected. */
export const CODE_SAMPLES: Readonly<Record<string, string>> = {
  bash: `#!/usr/bin/env bash
set -euo pipefail
for file in "$HOME"/logs/*.log; do
  if [[ -s "$file" ]]; then
    count=$(grep -c 'ERROR' "$file" || true)
    echo "$(basename "$file"): $count errors" # how many
  fi
done
cat <<TEXT
Done in $SECONDS s
TEXT
`,
  c: String.raw`#include <stdio.h>
/* Sums what it is given. */
static int sum(const int *values, size_t n) {
    int total = 0;
    for (size_t i = 0; i < n; i++) total += values[i];
    return total;
}
int main(void) {
    int values[] = {1, 2, 0x10};
    printf("sum: %d\n", sum(values, 3));
    return 0;
}
`,
  cpp: `#include <vector>
namespace chat {
template <typename T>
class Queue final {
 public:
  explicit Queue(std::size_t max) : max_{max} {}
  bool push(T item) noexcept {
    if (items_.size() >= max_) return false;  // full
    items_.push_back(std::move(item));
    return true;
  }
 private:
  std::vector<T> items_;
  std::size_t max_ = 1'000;
};
}  // namespace chat
`,
  csharp: `using System.Collections.Generic;
namespace Chat;
/// <summary>A room.</summary>
public class Room
{
    private readonly List<string> _names = new();
    public int Count => _names.Count;
    public async Task<bool> JoinAsync(string name)
    {
        if (string.IsNullOrEmpty(name)) throw new ArgumentException($"bad {nameof(name)}");
        await Task.Delay(10);
        _names.Add(name);
        return true;
    }
}
`,
  css: `@media (max-width: 40rem) {
  .message > .body:not(.large) {
    padding: 0.5rem 0.75rem;
    color: #14212b;
    background: url("/a.png") no-repeat center / cover;
    --line: calc(1px + 2%);
  }
}
/* Dark */
:root[data-theme='dark'] a::before { content: '→'; opacity: .5 }
`,
  dart: `import 'dart:async';
class Counter {
  final int start;
  int _value = 0;
  Counter(this.start);
  Future<int> next() async {
    _value += 1; // one more
    print('value: $_value of $start');
    return _value;
  }
}
`,
  diff: `diff --git a/server/a.ts b/server/a.ts
index 1234567..89abcde 100644
--- a/server/a.ts
+++ b/server/a.ts
@@ -1,4 +1,5 @@
 import a from 'a';
-const b = 1;
+const b = 2;
+const c = 3;
 export { b };
`,
  docker: `FROM node:26-alpine AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
ENV NODE_ENV=production
# The port it listens on
EXPOSE 8080
CMD ["node", "server/main.ts"]
`,
  go: `package main

import "fmt"

type Point struct{ X, Y int }

// Add moves a point.
func (p *Point) Add(dx, dy int) error {
	if dx < 0 {
		return fmt.Errorf("negative: %d", dx)
	}
	p.X, p.Y = p.X+dx, p.Y+dy
	go func() { ch <- true }()
	return nil
}
`,
  html: `<!doctype html>
<html lang="en">
<head><title>A &amp; B</title><link rel="stylesheet" href="/a.css"></head>
<body class="room">
<!-- the list -->
<ul id="list"><li><a href="/rooms/b?x=1">B</a></li><li>C</li></ul>
<input type="text" name="q" required>
</body>
</html>
`,
  ini: `; what it listens on
[server]
host = 127.0.0.1
port=8080
# how long
[timeouts]
request: 30
`,
  java: String.raw`package com.example.chat;
import java.util.*;
/** A room. */
public final class Room {
  private final Map<String, Integer> counts = new HashMap<>();
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder("room:");
    for (var entry : counts.entrySet()) {
      if (entry.getValue() > 10) out.append(entry.getKey()).append('\n');
    }
    return out.toString(); // done
  }
}
`,
  javascript: String.raw`import { readFile } from 'node:fs/promises';
/** Reads what is there. */
export async function read(path, { max = 1_000 } = {}) {
  const text = await readFile(path, 'utf8');
  if (!/^\s*#/.test(text)) throw new Error('bad: ' + path);
  // as many as may be
  return text.split('\n').filter((line) => line !== '').slice(0, max);
}
`,
  json: `{
  "name": "typhoon",
  "version": "0.1.0",
  "private": true,
  "limits": { "rooms": 100, "ratio": -1.5e3, "none": null },
  "scripts": ["start", "test"]
}
`,
  kotlin: `package chat
import kotlinx.coroutines.*
data class User(val id: Long, val name: String?)
/* Greets. */
fun greet(user: User): String = when {
  user.name == null -> "nobody"
  user.id > 100 -> "hello, $user!"
  else -> throw IllegalStateException()
}
val all = listOf(1, 2).map { it * 2 } // twice
`,
  lua: `-- A queue
local Queue = {}
Queue.__index = Queue
function Queue.new(max)
  return setmetatable({ items = {}, max = max or 10 }, Queue)
end
function Queue:push(item)
  if #self.items >= self.max then return nil, "full" end
  self.items[#self.items + 1] = item
end
`,
  python: `import asyncio
from dataclasses import dataclass

@dataclass
class Room:
    """A room."""
    name: str = "lobby"

    async def join(self, user: str, *, quiet: bool = False) -> int:
        if not user:
            raise ValueError(f"bad {user!r}")
        await asyncio.sleep(0.1)  # a moment
        return len([u for u in self.users if u != user])
`,
  ruby: String.raw`require 'json'
# A room
class Room < ApplicationRecord
  has_many :messages, dependent: :destroy
  attr_reader :name
  def join(user, quiet: false)
    raise ArgumentError, "bad #{user}" unless user =~ /\A\w+\z/
    @users ||= []
    @users << user.to_sym
    messages.each do |m| puts m.body if m.id > 10 end
  end
end
`,
  rust: `use std::collections::HashMap;
/// A room.
#[derive(Debug, Clone)]
pub struct Room<'a> { name: &'a str, counts: HashMap<String, u32> }
impl<'a> Room<'a> {
    pub fn join(&mut self, user: &str) -> Result<u32, String> {
        let count = self.counts.entry(user.to_string()).or_insert(0);
        *count += 1;
        match *count { n if n > 10 => Err(format!("too many: {}", n)), n => Ok(n) }
    }
}
`,
  scala: `package chat
import scala.collection.mutable
/** A room. */
case class Room(name: String, users: List[String] = Nil) {
  def join(user: String): Either[String, Room] =
    if (user.isEmpty) Left(s"bad: $user") // no
    else Right(copy(users = user :: users))
}
object Main extends App { val all = for (i <- 1 to 10) yield i * 2 }
`,
  sql: `-- The busiest rooms
SELECT r.name, count(*) AS messages, max(m.at) AS latest
FROM rooms r
LEFT JOIN messages m ON m.room = r.name AND m.at >= '2024-01-01'
WHERE r.is_listed = 1
GROUP BY r.name
HAVING count(*) > 100
ORDER BY messages DESC
LIMIT 10;
`,
  swift: String.raw`import Foundation
/// A room.
struct Room: Codable {
    let name: String
    var users: [String] = []
    mutating func join(_ user: String) throws -> Int {
        guard !user.isEmpty else { throw RoomError.bad("no name: \(name)") }
        users.append(user) // at the end
        return users.count
    }
}
`,
  toml: `# the package
[package]
name = "chat"
version = "0.1.0"
keywords = ["chat", "room"]
[profile.release]
lto = true
opt-level = 3
`,
  typescript: `import type { Room } from './room.ts';
/** What a client may ask for. */
export interface Query<T extends object = Room> {
  readonly limit?: number;
  where(row: T): boolean;
}
export async function find<T extends object>(rows: readonly T[], { limit = 50, where }: Query<T>) {
  const found: T[] = [];
  for (const row of rows) if (where(row) && found.length < limit) found.push(row); // as many
  return found.map((row) => ({ ...row, label: '#' + row }) as const);
}
`,
  xml: `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE feed>
<!-- a feed -->
<feed xmlns="http://www.w3.org/2005/Atom">
  <entry id="1"><title>A &amp; B</title><link href="http://a.com/1"/></entry>
  <content type="html"><![CDATA[<b>x</b>]]></content>
</feed>
`,
  yaml: `# what runs
version: "3.8"
services:
  web:
    image: nginx:1.25
    ports: ["80:80", 443]
    environment:
      - DEBUG=true
    replicas: 3
    command: |
      echo "hello: world"
`,
};
