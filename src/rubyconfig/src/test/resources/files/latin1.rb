# encoding: iso-8859-1
node_name 'grün'.encode('UTF-8')
