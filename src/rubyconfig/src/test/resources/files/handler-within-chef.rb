class Chef
  class Handler
    class Mine < ::Chef::Handler
      def name
        'mine'
      end
    end
  end
end
node_name Chef::Handler::Mine.new.name
