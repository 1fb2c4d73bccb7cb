-- Sends the requests of a file in turn, and prints the result as JSON. Each request and its ETag end
-- with NUL. Templates (%ETAG%, %COUNTER%) wait in a queue until the response to their previous request
-- brings the next ETag.

local requests, etags, positions = {}, {}, {}
local queue, head, tail = {}, 1, 0
local current, sent = 0, 0
local has_templates, is_verified = false, false
local threads = {}

local function enqueue(position)
  tail = tail + 1
  queue[tail] = position
end

-- After an error, whose template is unknown, the run has failed: it goes on with any.
local function dequeue()
  local position = queue[head]
  if position == nil then return bad_status and 1 or error("more connections than templates") end
  queue[head] = nil
  head = head + 1
  return position
end

local function on_response(status, headers, body)
  if status > 299 then
    bad_status = bad_status or status
    return
  end
  local position = positions[body:match('"id":"([^"]+)"')]
  etags[position] = headers["etag"] or headers["ETag"] or ""
  enqueue(position)
end

function setup(thread)
  threads[#threads + 1] = thread
end

function init(args)
  local file = assert(io.open(args[1], "rb"))
  for request, etag in file:read("*a"):gmatch("(%Z*)%z(%Z*)%z") do
    requests[#requests + 1] = request
    etags[#etags + 1] = etag
    has_templates = has_templates or request:find("%COUNTER%", 1, true) ~= nil
    positions[request:match("^%u+ %S*/([%w-]+) ") or ""] = #requests
    enqueue(#requests)
  end
  file:close()
  -- Without this function, wrk does not copy headers and bodies for Lua.
  if has_templates then response = on_response end
end

function request()
  if not has_templates then
    current = current % #requests + 1
    return requests[current]
  end
  -- wrk asks once before it starts, only to see whether the request is valid.
  local position = is_verified and dequeue() or queue[head]
  is_verified = true
  sent = sent + 1
  local filled = requests[position]:gsub("%%ETAG%%", etags[position])
  return (filled:gsub("%%COUNTER%%", string.format("%09d", sent)))
end

function done(summary, latency)
  local errors = summary.errors
  local lost = errors.connect + errors.read + errors.write + errors.timeout
  local status = threads[1]:get("bad_status")
  io.write(string.format(
    '\n{"responses":%d,"seconds":%.6f,"statuses":%d,"lost":%d,"status":%s,'
      .. '"p50":%.3f,"p95":%.3f,"p99":%.3f,"max":%.3f}\n',
    summary.requests, summary.duration / 1e6, errors.status, lost, status or "null",
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3,
    latency.max / 1e3))
end
