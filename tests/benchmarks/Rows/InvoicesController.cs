using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.AspNetCore.OData.Routing.Controllers;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.Benchmarks.Rows;

/// <summary>The same rows the stock way: all 1 M of them in a list in memory behind <c>[EnableQuery]</c>.</summary>
public sealed class InvoicesController(IServiceProvider services) : ODataController
{
    [EnableQuery(PageSize = BenchmarkServer.PageSize)]
    [HttpGet]
    public IActionResult Get() => Ok(services.GetRequiredService<StockRows>().Table.AsQueryable());
}
