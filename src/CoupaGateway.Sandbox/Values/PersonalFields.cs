using CoupaGateway.Sandbox.Catalog;

namespace CoupaGateway.Sandbox.Values;

/// <summary>Tells which text fields hold what people are called, how they are reached, or what they wrote.</summary>
internal static class PersonalFields
{
    private static readonly string[] WordsOfWriting = ["note", "notes", "comment", "comments", "justification"];

    private static readonly HashSet<(string Owner, string Name)> Named =
    [
        ("User", "employee-number"), ("UserSimple", "employee-number"), ("User", "sso-identifier"), ("User", "mention-name"), ("UserGroup", "mention-name"),
        ("User", "salesforce-id"), ("UserSimple", "salesforce-id"), ("Pcard", "name"), ("PhoneNumber", "number"), ("PhoneNumber", "area-code"),
        ("PhoneNumber", "extension"), ("Supplier", "tax-id"), ("Contact", "photo"), ("InvoiceHeader", "requester-lookup-name"),
        ("InvoiceHeader", "cash-register-operator"), ("InvoiceHeader", "vehicle-license-plate"), ("TaxRegistration", "fiscal-representative"),
        ("DelegateApproval", "approver"), ("DelegateApproval", "delegate"), ("AssetTag", "owner"), ("UserGroup", "owner"), ("Attachment", "text"),
        ("OnlineStore", "login"), ("LegalPaymentReceipt", "buyer-bank-reference"), ("LegalPaymentReceipt", "supplier-bank-reference"),
    ];

    public static bool Has(string owner, string name, ValueFlavor flavor) =>
        flavor is ValueFlavor.FirstName or ValueFlavor.LastName or ValueFlavor.PersonName or ValueFlavor.Email or ValueFlavor.Login
        || Named.Contains((owner, name))
        || name.Contains("avatar", StringComparison.Ordinal)
        || name.Contains("attention", StringComparison.Ordinal)
        || name is "requester-name"
        || (flavor is ValueFlavor.Text or ValueFlavor.Word && WordsOfWriting.Contains(name.Split('-')[^1]));
}
