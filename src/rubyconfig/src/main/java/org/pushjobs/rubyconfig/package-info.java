/** Configuration files in Ruby syntax, evaluated by a child process: {@link org.pushjobs.rubyconfig.RubyConfig}. */
package org.pushjobs.rubyconfig;
