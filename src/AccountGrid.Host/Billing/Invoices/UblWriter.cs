using System.Globalization;
using System.Text;
using System.Xml;

namespace AccountGrid.Host.Billing.Invoices;

/// <summary>Writes an invoice or a credit note as UBL 2.1. (Source: OASIS UBL 2.1; CEN/TS 16931-3-2; Peppol BIS Billing 3.0.)</summary>
internal static class UblWriter
{
    public const string Aggregates = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2";
    public const string Basics = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";

    /// <summary>Code of UNCL 1001: a commercial invoice, or a credit note.</summary>
    private static string TypeOf(Invoice invoice) => invoice.IsCredit ? "381" : "380";

    public static byte[] Write(Invoice invoice)
    {
        using var bytes = new MemoryStream();
        var settings = new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n" };
        using (var xml = XmlWriter.Create(bytes, settings))
        {
            var name = invoice.IsCredit ? "CreditNote" : "Invoice";
            xml.WriteStartElement(name, $"urn:oasis:names:specification:ubl:schema:xsd:{name}-2");
            xml.WriteAttributeString("xmlns", "cac", null, Aggregates);
            xml.WriteAttributeString("xmlns", "cbc", null, Basics);
            var x = new UblElements(xml, invoice.Currency);
            Head(x, invoice);
            x.Within("AccountingSupplierParty", () => x.Within("Party", () => Seller(x, invoice.Seller)));
            x.Within("AccountingCustomerParty", () => x.Within("Party", () => Buyer(x, invoice.Buyer)));
            Payment(x, invoice);
            foreach (var allowance in invoice.Allowances)
            {
                Allowance(x, allowance);
            }

            Taxes(x, invoice);
            Totals(x, invoice);
            for (var i = 0; i < invoice.Lines.Count; i++)
            {
                Line(x, invoice, invoice.Lines[i], i + 1);
            }

            xml.WriteEndElement();
        }

        return bytes.ToArray();
    }

    private static void Head(UblElements x, Invoice invoice)
    {
        x.Text("CustomizationID", invoice.Customization);
        x.Text("ProfileID", invoice.Profile);
        x.Text("ID", invoice.Id);
        x.Text("IssueDate", invoice.Issued);
        x.Text("DueDate", invoice.Due);
        x.Text(invoice.IsCredit ? "CreditNoteTypeCode" : "InvoiceTypeCode", TypeOf(invoice));
        x.Text("Note", invoice.Note);
        x.Text("DocumentCurrencyCode", invoice.Currency);
        x.Text("BuyerReference", invoice.Reference);
        x.Within("InvoicePeriod", () =>
        {
            x.Text("StartDate", invoice.From);
            x.Text("EndDate", invoice.To);
        });
    }

    private static void Seller(UblElements x, InvoiceSeller s)
    {
        x.Endpoint(s.Endpoint);
        x.Within("PostalAddress", () =>
        {
            x.Text("StreetName", s.Street);
            x.Text("CityName", s.City);
            x.Text("PostalZone", s.PostalCode);
            x.Within("Country", () => x.Text("IdentificationCode", s.Country));
        });
        if (s.VatId is not null)
        {
            x.Within("PartyTaxScheme", () =>
            {
                x.Text("CompanyID", s.VatId);
                x.Within("TaxScheme", () => x.Text("ID", "VAT"));
            });
        }

        x.Within("PartyLegalEntity", () =>
        {
            x.Text("RegistrationName", s.Name);
            x.Text("CompanyID", s.RegistrationId);
        });
        if (s.Contact is not null || s.Phone is not null || s.Email is not null)
        {
            x.Within("Contact", () =>
            {
                x.Text("Name", s.Contact);
                x.Text("Telephone", s.Phone);
                x.Text("ElectronicMail", s.Email);
            });
        }
    }

    private static void Buyer(UblElements x, InvoiceBuyer b)
    {
        x.Endpoint(b.Endpoint);
        x.Within("PostalAddress", () => x.Within("Country", () => x.Text("IdentificationCode", b.Country)));
        x.Within("PartyLegalEntity", () => x.Text("RegistrationName", b.Name));
    }

    /// <summary>A transfer to the seller's account, where it is configured; else how to pay is agreed elsewhere.</summary>
    private static void Payment(UblElements x, Invoice invoice)
    {
        if (invoice.Seller.Iban is { } iban && !invoice.IsCredit)
        {
            x.Within("PaymentMeans", () =>
            {
                x.Text("PaymentMeansCode", "30");
                x.Text("PaymentID", invoice.Reference);
                x.Within("PayeeFinancialAccount", () => x.Text("ID", iban));
            });
        }

        if (invoice.Terms is { } terms)
        {
            x.Within("PaymentTerms", () => x.Text("Note", terms));
        }
    }

    private static void Allowance(UblElements x, InvoiceAllowance allowance) => x.Within("AllowanceCharge", () =>
    {
        x.Text("ChargeIndicator", allowance.IsCharge ? "true" : "false");
        x.Text("AllowanceChargeReason", allowance.Reason);
        x.Amount("Amount", allowance.Amount);
        Category(x, "TaxCategory", allowance.Category, withReason: false);
    });

    private static void Taxes(UblElements x, Invoice invoice) => x.Within("TaxTotal", () =>
    {
        x.Amount("TaxAmount", invoice.Totals.Tax);
        foreach (var tax in invoice.Taxes)
        {
            x.Within("TaxSubtotal", () =>
            {
                x.Amount("TaxableAmount", tax.Taxable);
                x.Amount("TaxAmount", tax.Tax);
                Category(x, "TaxCategory", tax.Category, withReason: true);
            });
        }
    });

    private static void Totals(UblElements x, Invoice invoice) => x.Within("LegalMonetaryTotal", () =>
    {
        var t = invoice.Totals;
        x.Amount("LineExtensionAmount", t.Lines);
        x.Amount("TaxExclusiveAmount", t.TaxExclusive);
        x.Amount("TaxInclusiveAmount", t.TaxInclusive);
        x.AmountUnlessZero("AllowanceTotalAmount", t.Allowances);
        x.AmountUnlessZero("ChargeTotalAmount", t.Charges);
        x.AmountUnlessZero("PrepaidAmount", t.Prepaid, invoice.Digits);
        x.AmountUnlessZero("PayableRoundingAmount", t.Rounding);
        x.Amount("PayableAmount", t.Payable, invoice.Digits);
    });

    private static void Line(UblElements x, Invoice invoice, InvoiceLine line, int number)
    {
        x.Within(invoice.IsCredit ? "CreditNoteLine" : "InvoiceLine", () =>
        {
            x.Text("ID", number.ToString(CultureInfo.InvariantCulture));
            x.Number(invoice.IsCredit ? "CreditedQuantity" : "InvoicedQuantity", line.Quantity, "unitCode", line.Unit);
            x.Amount("LineExtensionAmount", line.Net);
            x.Within("Item", () =>
            {
                x.Text("Name", line.Name);
                Category(x, "ClassifiedTaxCategory", line.Category, withReason: false);
            });
            x.Within("Price", () => x.Number("PriceAmount", line.Price, "currencyID", invoice.Currency));
        });
    }

    private static void Category(UblElements x, string name, InvoiceCategory category, bool withReason) => x.Within(name, () =>
    {
        x.Text("ID", category.Code);
        x.Text("Percent", category.Percent?.ToString("0.##", CultureInfo.InvariantCulture));
        x.Text("TaxExemptionReason", withReason ? category.Reason : null);
        x.Within("TaxScheme", () => x.Text("ID", "VAT"));
    });
}
