using System.CommandLine;
using CoupaGateway.Commands;
using CoupaGateway.Snapshots.Memory;

ProcessMemory.KeepHeapsFew();

// How long the end may take is the matter of Shutdown:GracePeriod; the parser's own limit would cut requests off after two seconds.
return await GatewayCommand.RunAsync(args, new InvocationConfiguration { ProcessTerminationTimeout = null });
