namespace Aigc.Bench.Working;

/// <summary>A real engine of 5 MB: listens at the address of its first argument, and answers its busy probe.</summary>
internal static class PerlEngine
{
    public const string Modules = "-MIO::Socket::INET";

    public const string Program =
        """
        my $s = IO::Socket::INET->new(LocalAddr => $ARGV[0], Listen => 100, ReuseAddr => 1) or die;
        while (my $c = $s->accept) { sysread $c, my $request, 4096; print $c "HTTP/1.1 200 OK\r\nContent-Length: 14\r\nConnection: close\r\n\r\n{\"busy\":false}"; close $c }
        """;
}
