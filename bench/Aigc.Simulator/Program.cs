using Aigc.Simulator;
using Aigc.Simulator.Reporting;

if (!SimulatorOptions.TryRead(args, out var options, out var trouble))
{
    Console.Error.WriteLine(trouble);
    Console.Error.WriteLine(SimulatorOptions.Help);
    return 2;
}

try
{
    return Comparison.Run(options);
}
catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}
