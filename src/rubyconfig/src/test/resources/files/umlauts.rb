node_name "grün"
whitelist({ "prüfe" => "echo 'ä'", /^größe$/ => "du" })
