--- What Python writes beside the chapters before a book is assembled (`_beilagen.json`, see assemble/enclosures.py):
--- terms of the glossary, sheets of indicators, the archive of all figures, how to cite. Read by the filters for HTML
--- and PDF of both assemblers. The embedded one names the file and the page in the metadata, Quarto knows its project.

local stringify = pandoc.utils.stringify
local beilagen = {}

local function read(path)
  local file = path and io.open(path)
  if not file then return {} end
  local values = pandoc.json.decode(file:read("a"), false)
  file:close()
  return values
end

local function quartos_page()
  local folder, input = quarto.project.directory, quarto.doc.input_file
  local page = folder and input:sub(1, #folder) == folder and input:sub(#folder + 2) or input
  return (page:gsub("%.[^./]+$", ""))
end

--- Values of the file, `wurzel` (way to the book's folder, with a slash) and `seite` (path of the page, no ending).
function beilagen.load(meta)
  local values
  if quarto then
    values = read(pandoc.path.join({ quarto.project.directory or ".", "_beilagen.json" }))
    values.seite = quartos_page()
    values.wurzel = (quarto.project.offset or ".") .. "/"
  else
    values = read(meta.beilagen and stringify(meta.beilagen))
    values.seite = meta.seite and stringify(meta.seite) or ""
    values.wurzel = meta.wurzel and stringify(meta.wurzel) or ""
  end
  return values
end

return beilagen
