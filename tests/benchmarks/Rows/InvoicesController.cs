using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.AspNetCore.OData.Routing.Controllers;

namespace CoupaGateway.Benchmarks.Rows;

/// <summary>The same rows the stock way: a list in memory behind <c>[EnableQuery]</c>.</summary>
public sealed class InvoicesController(IServiceProvider services) : ODataController
{
    [EnableQuery(PageSize = BenchmarkServer.PageSize)]
    [HttpGet]
    public IActionResult Get() => Ok(((IReadOnlyList<InvoiceRow>)services.GetService(typeof(IReadOnlyList<InvoiceRow>))!).AsQueryable());
}
