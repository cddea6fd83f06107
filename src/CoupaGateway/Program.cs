using CoupaGateway.Commands;

return await GatewayCommand.Create().Parse(args).InvokeAsync();
