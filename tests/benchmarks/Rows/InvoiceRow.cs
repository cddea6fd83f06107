using System.ComponentModel.DataAnnotations;

namespace CoupaGateway.Benchmarks.Rows;

/// <summary>The benchmark table as a class, for stock ASP.NET Core OData. Names are the column names, so that both send the same names.</summary>
internal sealed class InvoiceRow
{
    [Key]
    public long id { get; set; }

    public string? invoice_number { get; set; }

    public string? status { get; set; }

    public string? currency_code { get; set; }

    public string? supplier_name { get; set; }

    public string? supplier_number { get; set; }

    public string? ship_to_name { get; set; }

    public string? ship_to_city { get; set; }

    public string? ship_to_country { get; set; }

    public string? bill_to_name { get; set; }

    public string? payment_term { get; set; }

    public string? account_code { get; set; }

    public string? account_name { get; set; }

    public string? created_by_login { get; set; }

    public string? created_by_email { get; set; }

    public string? updated_by_login { get; set; }

    public string? requester_name { get; set; }

    public string? commodity_name { get; set; }

    public string? description { get; set; }

    public string? internal_note { get; set; }

    public string? external_id { get; set; }

    public string? document_type { get; set; }

    public string? channel { get; set; }

    public string? tax_code { get; set; }

    public string? custom_fields_region { get; set; }

    public long? supplier_id { get; set; }

    public long? ship_to_address_id { get; set; }

    public long? bill_to_address_id { get; set; }

    public long? account_id { get; set; }

    public long? created_by_id { get; set; }

    public long? updated_by_id { get; set; }

    public long? requester_id { get; set; }

    public long? order_header_id { get; set; }

    public long? payment_term_id { get; set; }

    public long? line_count { get; set; }

    public long? version { get; set; }

    public long? days_to_pay { get; set; }

    public decimal? gross_total { get; set; }

    public decimal? net_total { get; set; }

    public decimal? tax_amount { get; set; }

    public decimal? shipping_amount { get; set; }

    public decimal? handling_amount { get; set; }

    public decimal? misc_amount { get; set; }

    public decimal? discount_amount { get; set; }

    public decimal? withheld_amount { get; set; }

    public decimal? paid_amount { get; set; }

    public decimal? exchange_rate { get; set; }

    public decimal? tolerance { get; set; }

    public DateTimeOffset? created_at { get; set; }

    public DateTimeOffset? updated_at { get; set; }

    public DateTimeOffset? invoice_date { get; set; }

    public DateTimeOffset? net_due_date { get; set; }

    public DateTimeOffset? discount_due_date { get; set; }

    public DateTimeOffset? payment_date { get; set; }

    public DateTimeOffset? exported_at { get; set; }

    public DateTimeOffset? _changed_at { get; set; }

    public bool? paid { get; set; }

    public bool? exported { get; set; }

    public bool? disputed { get; set; }

    public bool? coupa_accelerate { get; set; }
}
