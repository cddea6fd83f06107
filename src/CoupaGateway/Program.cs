using CoupaGateway.Commands;
using CoupaGateway.Snapshots.Memory;

ProcessMemory.KeepHeapsFew();
return await GatewayCommand.Create().Parse(args).InvokeAsync();
