-- Requests of which no two are the same, for wrk (see bench/load.py).
--   get FILE            paths, one a line, in turn
--   post PATH BODY N    a form, in which NUMBER becomes a number from N on; each comes from a network of its own

local kind, path, body, number
local paths = {}
local headers = {
  ["Content-Type"] = "application/x-www-form-urlencoded",
}

function init(args)
  kind = args[1]
  headers["Host"] = wrk.headers["Host"]
  number = 0
  if kind == "get" then
    for line in io.lines(args[2]) do
      paths[#paths + 1] = line
    end
  else
    path, body, number = args[2], args[3], tonumber(args[4])
    headers["Origin"] = "http://" .. wrk.headers["Host"]
  end
end

function request()
  number = number + 1
  if kind == "get" then
    return wrk.format("GET", paths[number % #paths + 1])
  end
  headers["X-Forwarded-For"] = string.format(
    "%d.%d.%d.1", 11 + math.floor(number / 62500) % 100, math.floor(number / 250) % 250, number % 250)
  return wrk.format("POST", path, headers, (body:gsub("NUMBER", tostring(number))))
end
