using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Aigc.Attacks.Tests.HostileEngine;

// An engine whose author wants more than an engine is given: {port} {data}.
var listener = new TcpListener(IPAddress.Loopback, int.Parse(args[0], CultureInfo.InvariantCulture));
listener.Start();
var diary = new Diary(args[1]);
var tricks = new Tricks(args[1]);
while (true)
    _ = new Conversation(await listener.AcceptTcpClientAsync(), diary, tricks).RunAsync();
