using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.AspNetCore.OData.Routing.Controllers;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.Benchmarks.Rows;

/// <summary>The stock way at its best: its list holds nothing but the rows of the page, so that it neither searches nor sorts.</summary>
public sealed class PageController(IServiceProvider services) : ODataController
{
    [EnableQuery(PageSize = BenchmarkServer.PageSize)]
    [HttpGet]
    public IActionResult Get() => Ok(services.GetRequiredService<StockRows>().Page.AsQueryable());
}
